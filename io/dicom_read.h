/* dicom_read.h - a DICOM series as one volume, for the jobs that take one file. */
#ifndef VV_DICOM_READ_H
#define VV_DICOM_READ_H
#include "format.h"

/* Whether `path` is a folder, or a file that is DICOM by its content. One without DICOM's preamble is told by so few
 * bytes that voxels could look alike: it is not DICOM where its name says that it is another format's. */
bool vv_dicom_is(const char *path);
/* Reads the one stack of `path` (a folder, or a file of the series). It is given a new NIfTI-1 header, so that what is
 * written of it carries none of the data set. VV_E_REFUSED: several stacks, uneven ones, text burned in, files that
 * cannot be read; nothing is left out in silence. */
VV_NODISCARD vv_status vv_dicom_read(const char *path, vv_read_result *out, vv_err *err);
#endif
