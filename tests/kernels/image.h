/* image.h - the buffers of one case in host memory, between guard bands. */
#ifndef IMAGE_H
#define IMAGE_H
#include "cases.h"

enum { GUARD = 256 };

typedef struct image {
    unsigned char *block[8]; /* as allocated */
    void *data[8];           /* behind the first guard */
    size_t bytes[8];
} image;

/* Room for every buffer of the case. Exits the program where memory is out. */
void image_create(image *m, const vv_kernel_case *c);
void image_destroy(image *m);
/* Inputs from the case's own fill, outputs and guards from `pattern`. */
void image_reset(image *m, const vv_kernel_case *c, const image *inputs, unsigned char pattern);
/* The inputs alone; kept apart, since they are the same for every run. */
void image_fill_inputs(image *m, const vv_kernel_case *c, vv_fill_kind fill);
/* NULL, or what is wrong: a guard byte changed, or an input did. */
const char *image_damage(const image *m, const vv_kernel_case *c, const image *inputs, unsigned char pattern);
/* Brings outputs into the form that may be compared. */
void image_settle(image *m, const vv_kernel_case *c);
/* True where every written buffer holds the same bytes; else *buf and *element are the first place that differs. */
bool image_equal(const image *a, const image *b, const vv_kernel_case *c, int *buf, size_t *element);
#endif
