#include "doctor/libraries.h"

#include "support/catch.h"

using namespace animate::doctor;
using namespace animate;

TEST_CASE("a loader's list is read") {
  const LinkedLibraries list = parse_library_list(
      "\tlinux-vdso.so.1 (0x00007ffc)\n"
      "\tlibtorch_cpu.so.1.13 => /lib/x86_64-linux-gnu/libtorch_cpu.so.1.13 (0x00007ff849c00000)\n"
      "\tlibgone.so.3 => not found\n"
      "\tlibodd.so => /opt/with (brackets)/libodd.so (0x00007ff8)\n"
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007ff8)\n");
  CHECK(list.listed);
  CHECK(list.missing == std::vector<std::string>{"libgone.so.3"});
  CHECK(list.starting("libtorch_cpu.so") == "/lib/x86_64-linux-gnu/libtorch_cpu.so.1.13");
  CHECK(list.starting("libodd") == "/opt/with (brackets)/libodd.so");
  CHECK(list.starting("libtorch_cuda").empty());
  CHECK_FALSE(parse_library_list("\tnot a dynamic executable\n").listed);
}

TEST_CASE("the loader is really asked") {
  // This program's own file needs the C library at least.
  const LinkedLibraries own = linked_libraries(std::filesystem::read_symlink("/proc/self/exe"));
  CHECK(own.listed);
  CHECK_FALSE(own.starting("libc.so").empty());
  CHECK_FALSE(linked_libraries("/no/such/library.so").listed);
  CHECK_FALSE(linked_libraries("/etc/passwd").listed);
}

TEST_CASE("BLAS variants are told by Debian's folders") {
  CHECK(blas_of("/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3") == Blas::OpenBlasOpenMp);
  CHECK(blas_of("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3") == Blas::OpenBlasThreads);
  CHECK(blas_of("/usr/lib/x86_64-linux-gnu/openblas-serial/libblas.so.3") == Blas::OpenBlasSerial);
  CHECK(blas_of("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0") == Blas::Reference);
  CHECK(blas_of("/opt/intel/libmkl_rt.so.2") == Blas::Other);
}
