# cmake -DNVCC=... -DOPTIONS=a;b -DSOURCE=kernels.cu -DINCLUDES=a;b -P no_contraction.cmake: the PTX of the kernels holds no
# fused multiply-add, no approximate division or root and no flushing of denormals.
list(TRANSFORM INCLUDES PREPEND -I)
execute_process(COMMAND ${NVCC} -ptx ${OPTIONS} -arch=compute_90 ${INCLUDES} -o ${OUT} ${SOURCE} RESULT_VARIABLE rc
  ERROR_VARIABLE said)
if(NOT rc EQUAL 0)
  message(FATAL_ERROR "nvcc failed: ${said}")
endif()
file(READ ${OUT} ptx)
foreach(bad "fma\\.r[nzmp][^;]*f32" "mad\\.r[nzmp][^;]*f32" "div\\.approx" "div\\.full" "sqrt\\.approx" "\\.ftz\\." "\\.f64")
  if(ptx MATCHES "${bad}")
    message(FATAL_ERROR "the PTX holds ${CMAKE_MATCH_0}")
  endif()
endforeach()
if(NOT ptx MATCHES "sqrt\\.rn\\.f32" OR NOT ptx MATCHES "div\\.rn\\.f32")
  message(FATAL_ERROR "no correctly rounded division or root found: this test no longer sees the kernels")
endif()
