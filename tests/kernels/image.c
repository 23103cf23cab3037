#include "image.h"
#include "case_run.h"
#include <stdio.h>
#include <stdlib.h>

void image_create(image *m, const vv_kernel_case *c)
{
    *m = (image){{NULL}, {NULL}, {0}};
    for (int i = 0; i < c->nbufs; i++) {
        m->bytes[i] = vv_case_bytes(c, i);
        m->block[i] = aligned_alloc(64, (m->bytes[i] + 2 * GUARD + 63) / 64 * 64);
        if (!m->block[i]) {
            fprintf(stderr, "checkkern: out of memory\n");
            exit(1);
        }
        m->data[i] = m->block[i] + GUARD;
    }
}

void image_destroy(image *m)
{
    for (int i = 0; i < 8; i++)
        free(m->block[i]);
    *m = (image){{NULL}, {NULL}, {0}};
}

void image_fill_inputs(image *m, const vv_kernel_case *c, vv_fill_kind fill)
{
    for (int i = 0; i < c->nbufs; i++)
        if (c->buf[i].role != VV_OUT)
            vv_case_fill(c, i, fill, m->data[i]);
}

void image_reset(image *m, const vv_kernel_case *c, const image *inputs, unsigned char pattern)
{
    for (int i = 0; i < c->nbufs; i++) {
        memset(m->block[i], pattern, m->bytes[i] + 2 * GUARD);
        if (c->buf[i].role != VV_OUT)
            memcpy(m->data[i], inputs->data[i], m->bytes[i]);
    }
}

const char *image_damage(const image *m, const vv_kernel_case *c, const image *inputs, unsigned char pattern)
{
    for (int i = 0; i < c->nbufs; i++) {
        for (size_t k = 0; k < GUARD; k++) {
            if (m->block[i][k] != pattern)
                return "wrote before a buffer";
            if (m->block[i][GUARD + m->bytes[i] + k] != pattern)
                return "wrote past a buffer";
        }
        if (c->buf[i].role == VV_IN && memcmp(m->data[i], inputs->data[i], m->bytes[i]) != 0)
            return "changed an input";
    }
    return NULL;
}

void image_settle(image *m, const vv_kernel_case *c)
{
    for (int i = 0; i < c->nbufs; i++)
        if (c->buf[i].settle)
            c->buf[i].settle(m->data[i], c->buf[i].count);
}

bool image_equal(const image *a, const image *b, const vv_kernel_case *c, int *buf, size_t *element)
{
    for (int i = 0; i < c->nbufs; i++) {
        if (c->buf[i].role == VV_IN || memcmp(a->data[i], b->data[i], a->bytes[i]) == 0)
            continue;
        size_t k = 0;
        while (((unsigned char *)a->data[i])[k] == ((unsigned char *)b->data[i])[k])
            k++;
        *buf = i;
        *element = k / vv_elem_bytes(c->buf[i].elem);
        return false;
    }
    return true;
}
