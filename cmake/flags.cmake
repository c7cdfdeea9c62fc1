# std::source_location and ranges decide the oldest compilers.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 11)
    OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16))
  message(FATAL_ERROR "${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}; gpucheck needs g++ 11 or clang 16")
endif()

# Flags live on two interface targets, so that device code can take the warnings without the sanitizers.
add_library(gpucheck_warnings INTERFACE)
target_compile_options(gpucheck_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wconversion;-Wno-sign-conversion;-Wno-missing-field-initializers;-Wno-restrict>)
if(GPUCHECK_WERROR)
  target_compile_options(gpucheck_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()

add_library(gpucheck_flags INTERFACE)
target_link_libraries(gpucheck_flags INTERFACE gpucheck_warnings)
if(GPUCHECK_SANITIZE)
  target_compile_options(gpucheck_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${GPUCHECK_SANITIZE};-fno-sanitize-recover=undefined;-fno-omit-frame-pointer>)
  target_link_options(gpucheck_flags INTERFACE -fsanitize=${GPUCHECK_SANITIZE})
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
