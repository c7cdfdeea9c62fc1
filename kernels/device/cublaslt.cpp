#include "kernels/device/cublaslt.hpp"

#include "kernels/device/library_search.hpp"

namespace gpucheck {

std::vector<std::string> CublasLt::resolve() {
  return resolve_all(library, Symbol{"cublasLtCreate", &create},                       //
                     Symbol{"cublasLtDestroy", &destroy},                              //
                     Symbol{"cublasLtGetVersion", &version},                           //
                     Symbol{"cublasLtGetCudartVersion", &cudart_version},              //
                     Symbol{"cublasLtMatrixLayoutCreate", &layout_create},             //
                     Symbol{"cublasLtMatrixLayoutDestroy", &layout_destroy},           //
                     Symbol{"cublasLtMatmulDescCreate", &matmul_create},               //
                     Symbol{"cublasLtMatmulDescDestroy", &matmul_destroy},             //
                     Symbol{"cublasLtMatmulDescSetAttribute", &matmul_set},            //
                     Symbol{"cublasLtMatmulPreferenceCreate", &preference_create},     //
                     Symbol{"cublasLtMatmulPreferenceDestroy", &preference_destroy},   //
                     Symbol{"cublasLtMatmulPreferenceSetAttribute", &preference_set},  //
                     Symbol{"cublasLtMatmulAlgoGetHeuristic", &heuristic},             //
                     Symbol{"cublasLtMatmul", &matmul});
}

const Result<CublasLt>& cublaslt() {
  static const Result<CublasLt> library = [] {
    std::vector<std::string> names;
    if (cublas()) {
      const std::string path = cublas()->library.path();
      const std::size_t slash = path.rfind('/') + 1;
      // The major: the first number after ".so." in "libcublas.so.13" and "libcublas.so.12.4.5.8"
      // alike.
      const std::string rest = path.substr(path.find(".so.", slash) + 4);
      const std::string soname = "libcublasLt.so." + rest.substr(0, rest.find('.'));
      // The one that cuBLAS has mapped already; a second one beside it could be another version's.
      names = {SharedLibrary::is_mapped(soname) ? soname : path.substr(0, slash) + soname};
    }
    const auto others = names_to_open(toolkit_sonames("libcublasLt.so."), search_environment());
    names.insert(names.end(), others.begin(), others.end());
    return open_api<CublasLt>(names);
  }();
  return library;
}

}  // namespace gpucheck
