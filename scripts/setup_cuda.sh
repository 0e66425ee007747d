# shellcheck shell=bash
# Debian's LibTorch with CUDA, for scripts/setup.sh --cuda, which sources this file.

# cuDNN as LibTorch 2.6 wants it. Debian's package of that name holds no library: it fetches one while it is installed.
readonly cudnn_major=9
readonly cudnn_host=https://developer.download.nvidia.com/compute/cudnn/redist/

cuda_stop() {
  echo "setup.sh: $*" >&2
  exit 1
}

# Whether apt knows a version of a package that it could install.
has_candidate() { [[ $(apt-cache policy "$1" 2>/dev/null) =~ "Candidate: "[0-9] ]]; }

state_of() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true; }

# prepare_cuda ADD_CONTRIB CUDNN_FOLDER: the archive areas and cuDNN, before anything is installed. Ends the script with one
# sentence where something is missing.
prepare_cuda() {
  local add_contrib=$1 cudnn=$2 release
  release=$(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}")
  [ "$release" = debian13 ] ||
    cuda_stop "--cuda: only Debian 13 has a LibTorch 2 with CUDA as packages; give an upstream one instead:" \
      "cmake --preset release -DCMAKE_PREFIX_PATH=/path/to/libtorch"
  [ -z "$cudnn" ] || check_cudnn_folder "$cudnn"
  add_areas "$add_contrib"
  if [ -n "$cudnn" ]; then
    install_cudnn "$(realpath "$cudnn")"
  elif [ "$(state_of nvidia-cudnn)" != installed ]; then
    reach_nvidia || {
      tell_cudnn
      exit 1
    }
  fi
}

check_cudnn_folder() {
  [ -d "$1" ] || cuda_stop "--cudnn $1: is no folder; give the one that libcudnn.so.$cudnn_major lies in"
  [ -e "$1/libcudnn.so.$cudnn_major" ] ||
    cuda_stop "--cudnn $1: there is no libcudnn.so.$cudnn_major in it; give the folder of cuDNN $cudnn_major's libraries"
}

# contrib has LibTorch with CUDA, non-free has CUDA.
add_areas() {
  if has_candidate libtorch-cuda-dev && has_candidate nvidia-cuda-toolkit; then return; fi
  local mirror key line list=/etc/apt/sources.list.d/animate-cuda.list
  # The mirror that serves the main area already, and the key that it is trusted by: apt refuses two for one archive.
  read -r mirror key < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(SIGNED_BY)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "trixie" && $3 == "main" && !found {print $1, $4; found = 1}') || true
  mirror=${mirror:-http://deb.debian.org/debian/}
  # Where the archive's entry names none, apt gives the field's name back.
  [[ ${key:-} = /* ]] || key=
  line="deb ${key:+[signed-by=$key] }$mirror trixie contrib non-free"
  if [ "$1" = no ]; then
    echo "setup: LibTorch with CUDA is in Debian's areas contrib and non-free, which this system does not use. Add them with" >&2
    echo "echo '$line' | sudo tee $list && sudo apt-get update" >&2
    cuda_stop "the areas contrib and non-free are missing; add them as above, or run this again with --add-contrib"
  fi
  [ "$(id -u)" -eq 0 ] || cuda_stop "--add-contrib: root is needed to add archive areas; run it with sudo"
  echo "setup: adding the areas contrib and non-free in $list"
  echo "$line" >"$list"
  if ! apt-get update -qq || ! has_candidate libtorch-cuda-dev || ! has_candidate nvidia-cuda-toolkit; then
    rm "$list"
    cuda_stop "the areas contrib and non-free of $mirror do not have libtorch-cuda-dev and nvidia-cuda-toolkit;" \
      "use a mirror that has them"
  fi
}

# By apt's own downloader, which knows the system's proxies.
reach_nvidia() {
  local file
  file=$(mktemp)
  /usr/lib/apt/apt-helper -o Acquire::Retries=1 -o Acquire::https::Timeout=15 download-file "${cudnn_host}redistrib_9.0.0.json" "$file" >/dev/null 2>&1
  local reached=$?
  rm -f "$file"
  return $reached
}

tell_cudnn() {
  [ "$(state_of nvidia-cudnn)" != installed ] || return 0
  echo "setup.sh: Debian's nvidia-cudnn fetches cuDNN from $cudnn_host while it is installed, and that does not work from" \
    "here; bring cuDNN $cudnn_major for CUDA 12 in a folder and name it with --cudnn FOLDER" >&2
}

# A package nvidia-cudnn of our own in place of Debian's: links to the folder's libraries.
install_cudnn() {
  [ "$(id -u)" -eq 0 ] || cuda_stop "--cudnn: root is needed to install it; run it with sudo"
  local work version=9.99+folder library
  work=$(mktemp -d)
  mkdir -p "$work/p/DEBIAN" "$work/p/usr/lib/x86_64-linux-gnu"
  for library in "$1"/libcudnn*.so.$cudnn_major; do
    ln -s "$library" "$work/p/usr/lib/x86_64-linux-gnu/$(basename "$library")"
  done
  cat >"$work/p/DEBIAN/control" <<EOF
Package: nvidia-cudnn
Version: $version
Architecture: amd64
Maintainer: root <root@localhost>
Description: cuDNN in $1
 Links to the libraries there, made by scripts/setup.sh --cudnn of animate.
EOF
  echo "activate-noawait ldconfig" >"$work/p/DEBIAN/triggers"
  chmod 755 "$work/p"
  dpkg-deb --root-owner-group --build "$work/p" "$work/nvidia-cudnn.deb" >/dev/null
  echo "setup: cuDNN is taken from $1"
  dpkg --install "$work/nvidia-cudnn.deb" >/dev/null
  rm -rf "$work"
  # What an earlier try left half configured.
  [ -z "$(dpkg --audit)" ] || dpkg --configure --pending
}
