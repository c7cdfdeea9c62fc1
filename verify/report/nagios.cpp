#include "verify/report/export.hpp"

namespace gpucheck {

int nagios_code(int exit_code) {
  switch (exit_code) {
    case 0: return 0;
    case 3: return 1;
    case 1:
    case 2: return 2;
    default: return 3;
  }
}

std::string nagios_line(int exit_code, const std::string& verdict) {
  constexpr const char* states[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return std::string("GPUCHECK ") + states[nagios_code(exit_code)] + " - " + verdict;
}

}  // namespace gpucheck
