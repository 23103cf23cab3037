/* swap.h - byte order of voxels. */
#ifndef VV_SWAP_H
#define VV_SWAP_H
#include "pool.h"

/* Copies `bytes` (a multiple of `unit`) with the bytes of each unit reversed. unit 1, 2, 4, 8 or 16; 1 copies. dst may
 * be src, but not overlap it otherwise. Works on bytes, so a float's payload survives. */
void vv_swap_copy(void *dst, const void *src, size_t bytes, int unit);
/* The same in place, shared out to the pool. */
void vv_swap_all(void *data, size_t bytes, int unit, vv_pool *pool);
/* What is reversed when the byte order changes: the size of a number; 1 for the three and four bytes of a colour. */
int vv_swap_unit(vv_dtype t);
#endif
