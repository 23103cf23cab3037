/* standin_cuda.h - what a test asks of the stand-in driver, beside the driver's own calls. */
#ifndef STANDIN_CUDA_H
#define STANDIN_CUDA_H

/* 0 when every context, module, stream and buffer has been returned. */
int standin_cuda_balance(void);
/* The next call that needs a context fails, as after a fault in a kernel. */
void standin_cuda_fail_next(void);
#endif
