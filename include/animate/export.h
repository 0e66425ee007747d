#pragma once

// Marks the few functions that libanimate shows to programs; everything else is hidden.
#if defined(__GNUC__)
#define ANIMATE_EXPORT __attribute__((visibility("default")))
#else
#define ANIMATE_EXPORT
#endif
