/* dicom_files.h - the regular files of a folder and of the folders in it. */
#ifndef VV_DICOM_FILES_H
#define VV_DICOM_FILES_H
#include "err.h"
#include <stdbool.h>

typedef struct vv_dicom_files {
    char **path; /* owned, sorted by their bytes */
    int64_t n, room;
} vv_dicom_files;

/* nested: folders in the folder too, but not through links. VV_E_RESOURCE: the folder cannot be listed. */
VV_NODISCARD vv_status vv_dicom_files_list(const char *folder, bool nested, vv_dicom_files *out, vv_err *err);
/* One more, a copy. */
VV_NODISCARD vv_status vv_dicom_files_add(vv_dicom_files *f, const char *path, vv_err *err);
void vv_dicom_files_free(vv_dicom_files *f);
#endif
