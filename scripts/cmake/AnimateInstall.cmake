# `cmake --install`: the program, libanimate, the public headers, the configs with the default model, and a CMake
# package and a pkg-config file: find_package(animate) gives the target animate::animate, `pkg-config animate` the flags.
# The component "program" is what a Debian package takes of it (AnimatePackage.cmake), "library" the rest.
include(CMakePackageConfigHelpers)

install(TARGETS animate RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(
  DIRECTORY configs
  DESTINATION "${CMAKE_INSTALL_DATADIR}/animate"
  COMPONENT program
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
set(shell_files "${PROJECT_BINARY_DIR}/share/shell")
install(
  FILES "${shell_files}/animate.bash"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  COMPONENT program
  RENAME animate)
install(FILES "${shell_files}/_animate" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT library)
install(FILES "${shell_files}/animate.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT program)
install(FILES "${shell_files}/animate.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT library)
install(FILES README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT library)
# The first page's pictures and the pages for whoever uses the program, so that its links to them hold there too.
foreach(page .github/strip.png .github/living.webp tests/serve/screenshots/page.png .github/CHANGELOG.md configs/README.md src/cli/README.md
             src/serve/README.md src/train/README.md src/evaluate/README.md tests/bench/README.md scripts/README.md)
  get_filename_component(folder "${page}" DIRECTORY)
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}" COMPONENT program)
endforeach()

if(TARGET animate_engine_library)
  install(
    TARGETS animate_engine_library
    EXPORT animate_targets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library)
  install(DIRECTORY include/animate DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT library FILES_MATCHING PATTERN "*.h")
  install(FILES "${PROJECT_BINARY_DIR}/include/animate/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/animate" COMPONENT library)

  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/animate")
  install(EXPORT animate_targets NAMESPACE animate:: FILE animateTargets.cmake DESTINATION "${package}" COMPONENT library)
  file(WRITE "${PROJECT_BINARY_DIR}/animateConfig.cmake"
       "include(\"\${CMAKE_CURRENT_LIST_DIR}/animateTargets.cmake\")\n")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/animateConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  file(RELATIVE_PATH ANIMATE_PREFIX_FROM_PC "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  configure_file(scripts/cmake/animate.pc.in "${PROJECT_BINARY_DIR}/animate.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/animate.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT library)
  install(FILES "${PROJECT_BINARY_DIR}/animateConfig.cmake" "${PROJECT_BINARY_DIR}/animateConfigVersion.cmake"
          DESTINATION "${package}" COMPONENT library)
endif()
