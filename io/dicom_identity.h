/* dicom_identity.h - what in a data set can name somebody: the basic profile of PS3.15 annex E. */
#ifndef VV_DICOM_IDENTITY_H
#define VV_DICOM_IDENTITY_H
#include "dicom.h"

/* The basic profile's action, as table E.1-1 writes it. */
typedef enum vv_dicom_action {
    VV_DICOM_KEEP = 0, /* not in the table */
    VV_DICOM_X,        /* remove */
    VV_DICOM_Z,        /* no value, or one that says nothing */
    VV_DICOM_D,        /* a value that says nothing */
    VV_DICOM_U,        /* another UID */
    VV_DICOM_X_Z,      /* what the object's type of attribute allows, in this order */
    VV_DICOM_X_D,
    VV_DICOM_Z_D,
    VV_DICOM_X_Z_D,
    VV_DICOM_X_Z_U
} vv_dicom_action;

/* Private attributes (odd groups), curves (50xx), overlays' data and comments (60xx,3000 and 4000) are X. */
vv_dicom_action vv_dicom_basic_action(uint32_t tag);

/* Elements with a value, at every depth of sequences. An attribute that goes as a whole counts once, with all in it. */
typedef struct vv_dicom_identity {
    int64_t attributes; /* of the table, but for the following */
    int64_t uids;       /* those that get another UID */
    int64_t privates;   /* odd groups, creators not counted */
    int64_t overlays;   /* groups 60xx with data, and curves */
} vv_dicom_identity;
void vv_dicom_find_identity(const vv_dicom *d, vv_dicom_identity *out);
#endif
