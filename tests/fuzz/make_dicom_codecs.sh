#!/bin/bash
# Writes the files of the DICOM fuzzer's corpus that other programs compress (Debian: dcmtk, libgdcm-tools), from those
# that make_dicom_corpus wrote.
#   bash tests/fuzz/make_dicom_codecs.sh tests/fuzz/corpus/dicom
set -eu
cd "$1"
dcmcjpeg +e1 ok-explicit ok-jpeg-lossless-sv1
dcmcjpeg +el +sv 6 ok-explicit ok-jpeg-lossless
dcmcjpeg +ee +q 100 ok-explicit ok-jpeg-extended
dcmcjpeg +eb ok-rgb ok-jpeg-baseline
dcmcjpls ok-explicit ok-jpegls
dcmcjpls +en +md 3 ok-explicit ok-jpegls-near
gdcmconv --j2k ok-explicit ok-j2k-lossless
gdcmconv --j2k --lossy -q 40 ok-rgb ok-j2k-lossy
