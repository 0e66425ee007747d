# `cmake --install`: the program, libanimate, the public headers, the configs with the default model, and a CMake
# package and a pkg-config file: find_package(animate) gives the target animate::animate, `pkg-config animate` the flags.
include(CMakePackageConfigHelpers)

install(TARGETS animate RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(
  DIRECTORY configs
  DESTINATION "${CMAKE_INSTALL_DATADIR}/animate"
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
set(shell_files "${PROJECT_BINARY_DIR}/share/shell")
install(
  FILES "${shell_files}/animate.bash"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME animate)
install(FILES "${shell_files}/_animate" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${shell_files}/animate.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES "${shell_files}/animate.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES README.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
# The first page's picture and the pages for whoever uses the program, so that its links to them hold there too.
foreach(page .github/strip.png tests/serve/screenshots/page.png configs/README.md src/cli/README.md src/serve/README.md src/train/README.md src/evaluate/README.md
             tests/bench/README.md scripts/README.md)
  get_filename_component(folder "${page}" DIRECTORY)
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
endforeach()

if(TARGET animate_engine_library)
  install(
    TARGETS animate_engine_library
    EXPORT animate_targets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(DIRECTORY include/animate DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
  install(FILES "${PROJECT_BINARY_DIR}/include/animate/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/animate")

  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/animate")
  install(EXPORT animate_targets NAMESPACE animate:: FILE animateTargets.cmake DESTINATION "${package}")
  file(WRITE "${PROJECT_BINARY_DIR}/animateConfig.cmake"
       "include(\"\${CMAKE_CURRENT_LIST_DIR}/animateTargets.cmake\")\n")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/animateConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  file(RELATIVE_PATH ANIMATE_PREFIX_FROM_PC "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  configure_file(scripts/cmake/animate.pc.in "${PROJECT_BINARY_DIR}/animate.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/animate.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
  install(FILES "${PROJECT_BINARY_DIR}/animateConfig.cmake" "${PROJECT_BINARY_DIR}/animateConfigVersion.cmake"
          DESTINATION "${package}")
endif()
