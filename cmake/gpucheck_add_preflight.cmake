# gpucheck_add_preflight(NAME n BUDGET seconds [ARGUMENTS ...])
#   Adds the test n, which runs gpucheck, and the fixture n. Tests with FIXTURES_REQUIRED n do not run on a machine
#   that fails it. Where there is no GPU, n is skipped; CTest then still runs what requires the fixture.
# gpucheck_add_gpu_test(NAME t PREFLIGHT n COMMAND command [arguments ...])
#   Adds the test t, which requires the fixture n and is skipped, too, where there is no GPU.
function(gpucheck_add_preflight)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;BUDGET" "ARGUMENTS")
  if(NOT arg_NAME OR NOT arg_BUDGET MATCHES "^[0-9]+$" OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gpucheck_add_preflight(NAME n BUDGET seconds [ARGUMENTS ...]), got: ${ARGV}")
  endif()
  set(no_gpu ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.no_gpu)
  math(EXPR deadline "${arg_BUDGET} + 10")  # gpucheck ends in time by itself and says what it could not do.
  add_test(NAME ${arg_NAME} COMMAND sh -c
    "rm -f \"$0\"; \"$@\"; code=$?; [ $code -ne 77 ] || : >\"$0\"; exit $code" ${no_gpu}
    $<TARGET_FILE:gpucheck::gpucheck> --no-gpu-exit 77 --timeout ${arg_BUDGET} ${arg_ARGUMENTS})
  set_tests_properties(${arg_NAME} PROPERTIES
    FIXTURES_SETUP ${arg_NAME} SKIP_RETURN_CODE 77 TIMEOUT ${deadline} RUN_SERIAL ON)
endfunction()

function(gpucheck_add_gpu_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;PREFLIGHT" "COMMAND")
  if(NOT arg_NAME OR NOT arg_PREFLIGHT OR NOT arg_COMMAND OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gpucheck_add_gpu_test(NAME t PREFLIGHT n COMMAND command [arguments ...]), got: ${ARGV}")
  endif()
  set(no_gpu ${CMAKE_CURRENT_BINARY_DIR}/${arg_PREFLIGHT}.no_gpu)
  add_test(NAME ${arg_NAME} COMMAND sh -c
    "[ ! -e \"$0\" ] || { echo 'no NVIDIA GPU, as ${arg_PREFLIGHT} found'; exit 77; }; exec \"$@\"" ${no_gpu}
    ${arg_COMMAND})
  set_tests_properties(${arg_NAME} PROPERTIES FIXTURES_REQUIRED ${arg_PREFLIGHT} SKIP_RETURN_CODE 77)
endfunction()
