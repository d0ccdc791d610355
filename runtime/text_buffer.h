#pragma once
// Private to the runtime: the text that a context is putting together (kjit_context::print_buffer).

#include <string>
#include <string_view>

#include "runtime/runtime.h"

namespace kjit::runtime {

struct TextBuffer {
  std::string pieces;   // put so far and neither printed nor taken; marks are positions in it
  std::string printed;  // inside prange: whole lines that wait for their block's turn
  bool failed = false;  // a piece could not be stored
};

TextBuffer* text_buffer(kjit_context* ctx);  // made at first use; null when there is no memory
void put(kjit_context* ctx, std::string_view text);

// Appends what `make` returns; being out of memory is noted and reported by the next flush or take.
template <typename Make>
void put_made(kjit_context* ctx, Make make) {
  TextBuffer* buffer = text_buffer(ctx);
  if (!buffer) return;
  try {
    buffer->pieces += make();
  } catch (const std::bad_alloc&) {
    buffer->failed = true;
  }
}

// Forgets what an error left behind.
void clear_text(kjit_context* ctx);
void destroy_text(kjit_context* ctx);
// Hands `text` to the host; only on the thread that runs the call, so that the host sees one after the other. No lock of ours is
// held: the host may wait for one of its own.
void write_to_host(const kjit_host* host, std::string_view text);

}  // namespace kjit::runtime
