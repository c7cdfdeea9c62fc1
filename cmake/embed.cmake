# Compiles files into the program: embedded("driver_requirements.csv"), embedded("machines/D1.json").
#   GPUCHECK_EMBEDDED_DATA   the generated source that holds them
#   GPUCHECK_EMBEDDED_FILES  what it must be recompiled for
set(GPUCHECK_EMBEDDED_DATA ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
file(GLOB GPUCHECK_EMBEDDED_FILES CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/data/*.csv ${PROJECT_SOURCE_DIR}/tests/machines/*.json)

# .incbin takes a file's bytes as they are, of any length; a literal would have limits in both.
set(embedded_symbols "")
set(embedded_rows "")
set(number 0)
foreach(path ${GPUCHECK_EMBEDDED_FILES})
  get_filename_component(name ${path} NAME)
  if(path MATCHES "/machines/[^/]*$")
    set(name "machines/${name}")
  endif()
  string(APPEND embedded_symbols
    "asm(\".pushsection .rodata\\n.hidden gpucheck_file_${number}, gpucheck_file_${number}_end\\n\"\n"
    "    \".globl gpucheck_file_${number}, gpucheck_file_${number}_end\\n\"\n"
    "    \"gpucheck_file_${number}: .incbin \\\"${path}\\\"\\ngpucheck_file_${number}_end:\\n.popsection\");\n"
    "extern \"C\" const char gpucheck_file_${number}[], gpucheck_file_${number}_end[];\n")
  string(APPEND embedded_rows
    "    {\"${name}\", {gpucheck_file_${number}, size(gpucheck_file_${number}, gpucheck_file_${number}_end)}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(CONFIGURE OUTPUT ${GPUCHECK_EMBEDDED_DATA} @ONLY CONTENT [[
// Written by cmake/embed.cmake.
#include "verify/doctor/embedded.hpp"

@embedded_symbols@
namespace gpucheck {

std::span<const EmbeddedFile> embedded_files() {
  constexpr auto size = [](const char* begin, const char* end) {
    return static_cast<std::size_t>(end - begin);
  };
  static const EmbeddedFile files[] = {
@embedded_rows@  };
  return files;
}

}  // namespace gpucheck
]])
