/* Stands in the place of the attacks where the method is a made one. */
#include "attack.h"

vv_status vv_maps_make(vv_device *dev, const vv_volume *v, const double pose[16], vv_maps *out, vv_err *err)
{
    (void)dev, (void)v, (void)pose, (void)out, (void)err;
    return VV_E_INTERNAL;
}

vv_status vv_gallery_create(vv_gallery **out, vv_err *err)
{
    (void)out, (void)err;
    return VV_E_INTERNAL;
}

void vv_gallery_destroy(vv_gallery **gallery)
{
    (void)gallery;
}

vv_status vv_gallery_add(vv_gallery *gallery, vv_scan scan, int person, int group, const vv_maps *maps, vv_err *err)
{
    (void)gallery, (void)scan, (void)person, (void)group, (void)maps, (void)err;
    return VV_E_INTERNAL;
}

vv_status vv_attack_run(const vv_gallery *gallery, vv_attack_result *out, vv_err *err)
{
    (void)gallery, (void)out, (void)err;
    return VV_E_INTERNAL;
}

const vv_attack_figure *vv_attack_find(const vv_attack_result *r, vv_attack_kind kind, vv_attack_area area,
                                       bool cleaned)
{
    (void)r, (void)kind, (void)area, (void)cleaned;
    return NULL;
}

const char *vv_attack_name(vv_attack_kind kind)
{
    (void)kind;
    return "";
}

const char *vv_area_name(vv_attack_area area)
{
    (void)area;
    return "";
}
