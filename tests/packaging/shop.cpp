// Frees a block with a size that is not its own, in a method of a template in a namespace.
#include <harena.h>

namespace shop {

template <class Item>
struct Basket {
  harena *arena;
  __attribute__((noinline)) void put_back(Item *item) {
    harena_free(arena, item, 2 * sizeof(Item));
    __asm__ volatile("");
  }
};

}  // namespace shop

int main() {
  shop::Basket<int> basket = {harena_open(nullptr)};
  basket.put_back(static_cast<int *>(harena_alloc(basket.arena, sizeof(int), 4)));
  harena_close(basket.arena);
}
