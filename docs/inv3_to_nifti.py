#!/usr/bin/env python3
"""inv3_to_nifti.py IN.inv3 OUT.nii: the volume of an InVesalius project as NIfTI-1.

An .inv3 file is a gzip'd tar with main.plist (shape as slices, rows, columns; spacing in mm) and matrix.dat (int16,
Hounsfield units). InVesalius stores rows from the back of the head to the front, columns to the patient's left, slices
upwards: NIfTI's LAS.
"""
import plistlib
import struct
import sys
import tarfile


def member(tar, name):
    for item in tar.getmembers():
        if item.isfile() and item.name.rsplit("/", 1)[-1] == name:
            return tar.extractfile(item).read()
    raise SystemExit("inv3_to_nifti: the project holds no " + name)


def header(nx, ny, nz, dx, dy, dz):
    h = bytearray(352)
    struct.pack_into("<i", h, 0, 348)
    struct.pack_into("<8h", h, 40, 3, nx, ny, nz, 1, 1, 1, 1)
    struct.pack_into("<2h", h, 70, 4, 16)  # int16
    struct.pack_into("<8f", h, 76, 1, dx, dy, dz, 1, 1, 1, 1)
    struct.pack_into("<3f", h, 108, 352, 1, 0)  # where voxels begin; slope, intercept
    h[123] = 2  # millimetres
    struct.pack_into("<2h", h, 252, 0, 1)  # the affine below, to scanner space
    struct.pack_into("<4f", h, 280, -dx, 0, 0, dx * (nx - 1) / 2)
    struct.pack_into("<4f", h, 296, 0, dy, 0, -dy * (ny - 1) / 2)
    struct.pack_into("<4f", h, 312, 0, 0, dz, -dz * (nz - 1) / 2)
    h[344:348] = b"n+1\0"
    return bytes(h)


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: inv3_to_nifti.py IN.inv3 OUT.nii")
    with tarfile.open(sys.argv[1]) as tar:
        plist = plistlib.loads(member(tar, "main.plist"))
        voxels = member(tar, plist["matrix"]["filename"])
    nz, ny, nx = plist["matrix"]["shape"]
    if plist["matrix"]["dtype"] != "int16" or len(voxels) != 2 * nx * ny * nz:
        raise SystemExit("inv3_to_nifti: the matrix is not what the project says")
    with open(sys.argv[2], "wb") as out:
        out.write(header(nx, ny, nz, *plist["spacing"]))
        out.write(voxels)


main()
