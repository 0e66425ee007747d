# One file to install: `scripts/package.sh` makes animate_VERSION_amd64.deb of what `cmake --install` puts down, without
# what only other programs need (headers, CMake package), and with what Debian asks of a package beside it. libanimate
# lies in a folder of the package's own there, since nobody else links with it.
set(release "")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release ids REGEX "^(ID|VERSION_ID)=")
  string(REGEX REPLACE "\"" "" ids "${ids}")
  if(ids MATCHES "ID=debian" AND ids MATCHES "VERSION_ID=([0-9]+)")
    set(release "+deb${CMAKE_MATCH_1}")
  endif()
endif()
set(ANIMATE_PACKAGE_VERSION "${PROJECT_VERSION}${release}")
set(ANIMATE_MAINTAINER "The animate developers <animate@animate.invalid>")

set(stage "${PROJECT_BINARY_DIR}/package")
string(TIMESTAMP ANIMATE_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(scripts/package/changelog.in "${stage}/changelog" @ONLY)
configure_file(scripts/package/copyright.in "${stage}/copyright" @ONLY)

# Nothing of this is part of a plain `cmake --install`.
set(only_packaged COMPONENT package EXCLUDE_FROM_ALL)
set(doc share/doc/animate)
if(TARGET animate_engine_library)
  install(TARGETS animate_engine_library LIBRARY DESTINATION lib/animate ${only_packaged} NAMELINK_SKIP)
  # $ORIGIN is for LibTorch beside libanimate; here all libraries are the system's.
  install(CODE "file(GLOB engines \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/animate/libanimate.so.*.*\")
    foreach(engine IN LISTS engines)
      file(RPATH_REMOVE FILE \"\${engine}\")
    endforeach()" ${only_packaged})
endif()
install(FILES "${stage}/copyright" DESTINATION "${doc}" ${only_packaged})
install(FILES "${PROJECT_BINARY_DIR}/share/shell/_animate" DESTINATION share/zsh/vendor-completions ${only_packaged})
install(PROGRAMS scripts/package/animate-sample DESTINATION "${doc}/examples" ${only_packaged})
install(FILES scripts/slurm/animate_batch.sbatch DESTINATION "${doc}/examples" ${only_packaged})
# Policy wants these two compressed, without names and times in them.
foreach(pair "${stage}/changelog:${doc}/changelog.gz" "${PROJECT_BINARY_DIR}/share/shell/animate.1:share/man/man1/animate.1.gz")
  string(REPLACE ":" ";" pair "${pair}")
  list(GET pair 0 from)
  list(GET pair 1 to)
  install(CODE "set(to \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${to}\")
    get_filename_component(folder \"\${to}\" DIRECTORY)
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND gzip -9nc \"${from}\" OUTPUT_FILE \"\${to}\" COMMAND_ERROR_IS_FATAL ANY)" ${only_packaged})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME animate)
set(CPACK_PACKAGE_VERSION "${ANIMATE_PACKAGE_VERSION}")
set(CPACK_PACKAGE_CONTACT "${ANIMATE_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY "${stage}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program package)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME animate)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${ANIMATE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What the linker sees by dpkg-shlibdeps. By name: the BLAS that goes well with LibTorch's threads (any other would satisfy
# LibTorch, the reference one at a fortieth of the speed), and the cascade that finds faces without weights.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-openmp, opencv-data")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
if(release STREQUAL "+deb13")
  # Debian 12's libheif has its decoders built in.
  string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", libheif-plugin-libde265, libheif-plugin-dav1d")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "brings a still picture to life")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "One still picture and one driving clip in, a video out in which the picture
moves like the clip. The First Order Motion Model and LivePortrait in C++ on
LibTorch and FFmpeg: no Python. A model for drawn heads is part of the package;
'animate models fetch liveportrait' brings the weights for photos.")
include(CPack)
