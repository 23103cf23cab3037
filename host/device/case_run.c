#include "case_run.h"
#include "backend.h"

size_t vv_case_bytes(const vv_kernel_case *c, int index)
{
    return c->buf[index].count * vv_elem_bytes(c->buf[index].elem);
}

vv_status vv_case_create(vv_device *dev, const vv_kernel_case *c, size_t guard, vv_case_bufs *out, vv_err *err)
{
    *out = (vv_case_bufs){{NULL}};
    for (int i = 0; i < c->nbufs; i++) {
        vv_status st = vv_buf_create(dev, vv_case_bytes(c, i) + guard, &out->buf[i], err);
        if (st != VV_OK) {
            vv_case_destroy(dev, out);
            return st;
        }
    }
    return VV_OK;
}

void vv_case_destroy(vv_device *dev, vv_case_bufs *b)
{
    for (int i = 0; i < 8; i++)
        vv_buf_destroy(dev, &b->buf[i]);
}

vv_status vv_case_launch(vv_device *dev, const vv_kernel_case *c, const vv_case_bufs *b, vv_err *err)
{
    return vv_launch(dev, c->kernel, c->groups, b->buf, c->nbufs, c->params, vv_kernels[c->kernel].params_bytes, err);
}
