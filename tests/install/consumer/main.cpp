#include <gpucheck/gpucheck.hpp>

int main() {
  gpucheck::Report report;
  return report.findings.empty() ? 0 : 1;
}
