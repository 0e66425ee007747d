// Stands for NVIDIA's driver library with two cards, for CUDA's runtime 12.4 and for cuDNN 9.1: what the doctor asks of
// them, under their names.
#include <cstddef>
#include <cstdlib>
#include <cstring>

extern "C" {

// What cuInit answers: $FAKE_CUDA_ERROR, or 0.
int cuInit(unsigned /*flags*/) {
  const char* error = std::getenv("FAKE_CUDA_ERROR");
  return error == nullptr ? 0 : std::atoi(error);
}

int cuGetErrorString(int error, const char** text) {
  if (error != 999) return 1;
  *text = "unknown error";
  return 0;
}

int cuDriverGetVersion(int* version) {
  *version = 12060;
  return 0;
}

int cuDeviceGetCount(int* count) {
  *count = 2;
  return 0;
}

int cuDeviceGet(int* device, int number) {
  *device = number;
  return 0;
}

int cuDeviceGetName(char* name, int length, int device) {
  std::strncpy(name, device == 0 ? "NVIDIA A100" : "Tesla K80", static_cast<size_t>(length));
  return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  const bool major = attribute == 75;
  *value = device == 0 ? (major ? 8 : 0) : (major ? 3 : 7);
  return 0;
}

int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  *bytes = device == 0 ? 40'000'000'000U : 12'000'000'000U;
  return 0;
}

int cudaRuntimeGetVersion(int* version) {
  *version = 12040;
  return 0;
}

size_t cudnnGetVersion() { return 90100; }

}  // extern "C"
