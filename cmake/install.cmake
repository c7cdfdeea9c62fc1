include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS gpucheck RUNTIME)
if(TARGET gpucheck-simulated)
  install(TARGETS gpucheck-simulated RUNTIME)
endif()
if(TARGET gpucheck_cpu)
  # Not LIBDIR: the program looks for its module beside itself and in ../lib/gpucheck, wherever it is moved to.
  install(TARGETS gpucheck_cpu LIBRARY DESTINATION lib/gpucheck)
endif()
install(DIRECTORY include/gpucheck TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY data/ DESTINATION ${CMAKE_INSTALL_DATADIR}/gpucheck/data FILES_MATCHING PATTERN "*.csv")
install(DIRECTORY docs/ TYPE DOC)
install(FILES README.md CHANGELOG.md LICENSE TYPE DOC)

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/gpucheck)
configure_package_config_file(cmake/gpucheckConfig.cmake.in ${PROJECT_BINARY_DIR}/gpucheckConfig.cmake
  INSTALL_DESTINATION ${package_directory} PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gpucheckConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gpucheckConfig.cmake ${PROJECT_BINARY_DIR}/gpucheckConfigVersion.cmake
  cmake/gpucheck_add_preflight.cmake DESTINATION ${package_directory})
