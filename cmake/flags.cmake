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
