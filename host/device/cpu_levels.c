#include "cpu.h"
#include <stddef.h>

#if defined(__x86_64__)
extern const vv_cpu_level vv_cpu_v4, vv_cpu_v3, vv_cpu_v2;
const vv_cpu_level *const vv_cpu_levels[] = {&vv_cpu_v4, &vv_cpu_v3, &vv_cpu_v2, NULL};
#else
extern const vv_cpu_level vv_cpu_plain;
const vv_cpu_level *const vv_cpu_levels[] = {&vv_cpu_plain, NULL};
#endif
