/* Must not compile: a barrier inside lanes. */
#include "dialect.h"

K_KERNEL(vk_nested) K_ARGS(K_GLOBAL k_f32 *K_RESTRICT out, const k_i32 n)
{
    K_LANES(i)
    {
#ifdef NESTED
        K_PHASE(j)
        {
            out[j] = (k_f32)n;
        }
#endif
        out[i] = (k_f32)n;
    }
}

int main(void)
{
    float out[K_GROUP];
    vk_nested((k_group_t){{0, 0, 0}}, out, 1);
    return 0;
}
