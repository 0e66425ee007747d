# Every library the project is built on: the least version it was tried with, and what brings it. One table, so that a
# missing library is told in the same words everywhere, with the package to install on the distribution at hand.
#
#   animate_find(spdlog)                            as find_package(spdlog), required
#   animate_find(OpenCV COMPONENTS core imgproc)    what follows the name is find_package's
#   animate_find_modules(libheif libheif>=1.15)     by pkg-config: the target PkgConfig::libheif
#
# Each compiler has an OpenMP of its own.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(ANIMATE_OPENMP_PACKAGE libomp-dev)
else()
  set(ANIMATE_OPENMP_PACKAGE g++)
endif()

# CMake's package | least version tried (Debian 12) | package of Debian and its relatives
set(ANIMATE_DEPENDENCIES
    "spdlog|1.10|libspdlog-dev libfmt-dev"
    "nlohmann_json|3.11|nlohmann-json3-dev"
    "ZLIB|1.2.13|zlib1g-dev"
    "OpenSSL|3.0|libssl-dev"
    "CURL|7.88|libcurl4-openssl-dev"
    "yaml-cpp|0.7|libyaml-cpp-dev"
    "OpenCV|4.6|libopencv-dev"
    "CLI11|2.1|libcli11-dev"
    "Protobuf|3.21|libprotobuf-dev"
    "Torch|1.13|libtorch-dev"
    "OpenMP||${ANIMATE_OPENMP_PACKAGE}"
    "PkgConfig||pkg-config"
    "Boost|1.74|libboost-dev"
    "Catch2|2.13|catch2"
    # Found by other means than find_package; here for their names.
    "ONNX|1.12|libonnx-dev"
    "libheif|1.15|libheif-dev"
    "libturbojpeg|2.1|libturbojpeg0-dev"
    "libwebp|1.2.4|libwebp-dev"
    "lcms2|2.14|liblcms2-dev"
    "FFmpeg|5.1|libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev libavfilter-dev")

# Stops with one sentence: what is missing or too old, and how it gets here.
function(animate_missing name found)
  foreach(row IN LISTS ANIMATE_DEPENDENCIES)
    string(REPLACE "|" ";" row "${row}")
    list(GET row 0 library)
    if(library STREQUAL name)
      list(GET row 1 least)
      list(GET row 2 packages)
    endif()
  endforeach()
  set(system "")
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release ids REGEX "^(ID|ID_LIKE|VERSION_ID)=")
    string(REPLACE "\"" "" system "${ids}")
  endif()
  if(system MATCHES "ID=debian.*VERSION_ID=1[23]|VERSION_ID=1[23].*ID=debian")
    set(advice "install it with scripts/setup.sh, or: sudo apt-get install ${packages}")
  elseif(system MATCHES "debian|ubuntu")
    set(advice "sudo apt-get install ${packages} (tried on Debian 12 and 13 only)")
  else()
    set(advice "Debian 12 and 13, where the project is tried, have it in ${packages}; install your system's counterpart, "
               "or name its folder with -DCMAKE_PREFIX_PATH=")
    string(CONCAT advice ${advice})
  endif()
  set(wanted "${name}")
  if(NOT least STREQUAL "")
    set(wanted "${name} ${least} or newer")
  endif()
  if(found STREQUAL "")
    message(FATAL_ERROR "${wanted} is needed and was not found; ${advice}")
  else()
    message(FATAL_ERROR "${wanted} is needed, but ${found} was found; ${advice}")
  endif()
endfunction()

macro(animate_find name)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    animate_missing(${name} "")
  endif()
  foreach(row IN LISTS ANIMATE_DEPENDENCIES)
    if(row MATCHES "^${name}\\|([0-9.]+)\\|" AND ${name}_VERSION AND ${name}_VERSION VERSION_LESS CMAKE_MATCH_1)
      animate_missing(${name} "${${name}_VERSION}")
    endif()
  endforeach()
endmacro()

# The modules of one library by pkg-config, all required, as PkgConfig::NAME.
macro(animate_find_modules name)
  animate_find(PkgConfig)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET ${ARGN})
  if(NOT ${name}_FOUND)
    animate_missing(${name} "")
  endif()
endmacro()
