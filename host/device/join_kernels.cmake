# cmake -DOUT=file -DIN="a;b;c" -P join_kernels.cmake: one OpenCL source of all of them; the include lines go, since what they
# name stands before them.
set(text "")
foreach(file ${IN})
  file(READ ${file} one)
  string(REGEX REPLACE "#[ \t]*include[^\n]*\n" "\n" one "${one}")
  string(APPEND text "${one}\n")
endforeach()
file(WRITE ${OUT} "${text}")
