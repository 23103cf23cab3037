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
#define VV_ATLAS_FACE_STEP 2.5
#define VV_ATLAS_FACE_ORIGIN {0.0, -56.0, -140.0}
#define VV_ATLAS_FACE_NX 37
#define VV_ATLAS_FACE_NY 79
#define VV_ATLAS_FACE_NZ 81
/* mean T1 of the levels of deep tissue outside the brain, 128 = median of the brain */
#define VV_ATLAS_LEVELS {24.6, 47.1, 69.0, 87.0, 112.2}
/* nasion, nose, eye_l, eye_r, mouth, chin, ear_l, ear_r */
#define VV_ATLAS_LANDMARKS \
    {{0.00f, 107.44f, -25.31f}, \
     {0.00f, 125.35f, -51.12f}, \
     {-29.96f, 97.83f, -29.63f}, \
     {29.96f, 97.83f, -29.63f}, \
     {0.00f, 113.99f, -78.90f}, \
     {0.00f, 108.86f, -102.51f}, \
     {-72.94f, 9.77f, -50.02f}, \
     {72.94f, 9.77f, -50.02f}}
#endif
