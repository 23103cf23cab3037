/* fiducials_file.h - nasion and preauricular points as a JSON file. */
#ifndef VV_FIDUCIALS_FILE_H
#define VV_FIDUCIALS_FILE_H
#include "face.h"

/* Writes the points to `path`, atomically: mm of v's world frame and voxel indices of v; null for a point out of the
 * field of view. The names are those of BIDS (coordsystem.json). Errors as vv_report_save. */
VV_NODISCARD vv_status vv_fiducials_write(const char *path, const vv_volume *v, const vv_fiducial points[VV_FID_COUNT],
                                          bool force, vv_err *err);
#endif
