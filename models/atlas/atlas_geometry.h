/* atlas_geometry.h - written by build_atlas.py; grids of the atlas, mm. */
#ifndef VV_ATLAS_GEOMETRY_H
#define VV_ATLAS_GEOMETRY_H
#define VV_ATLAS_ORIGIN {-112.0, -128.0, -176.0}
#define VV_ATLAS_CLASS_STEP 4.0
#define VV_ATLAS_CLASS_NX 57
#define VV_ATLAS_CLASS_NY 69
#define VV_ATLAS_CLASS_NZ 72
#define VV_ATLAS_FIELD_STEP 3.0
#define VV_ATLAS_FIELD_NX 76
#define VV_ATLAS_FIELD_NY 92
#define VV_ATLAS_FIELD_NZ 97
/* nasion, nose, eye_l, eye_r, mouth, chin, ear_l, ear_r */
#define VV_ATLAS_LANDMARKS \
    {{0.00f, 108.43f, -26.37f}, \
     {0.00f, 126.42f, -52.38f}, \
     {-30.18f, 98.72f, -30.69f}, \
     {30.18f, 98.72f, -30.69f}, \
     {0.00f, 114.85f, -80.26f}, \
     {0.00f, 109.60f, -103.98f}, \
     {-73.48f, 9.76f, -50.91f}, \
     {73.48f, 9.76f, -50.91f}}
#endif
