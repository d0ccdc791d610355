#pragma once
// The parts that the images of one engine share. A part lives as long as an image that uses it.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "codegen/jit_stack.h"
#include "image/kernel_image.h"

namespace kjit {

// Thread rule: any member may be called from any thread at any time.
class PartStore {
 public:
  // Null if no image has this part.
  std::shared_ptr<const CodePart> find(const std::string& key);
  // The part with that key which was there first: `part`, unless another thread has been faster.
  std::shared_ptr<const CodePart> add(CodePart part);
  // Its code, linked at the first request. Its `uses` are in `linked`. Null and a text in `error` on failure.
  std::shared_ptr<LinkedCode> link(const std::shared_ptr<const CodePart>& part, const LinkedParts& used, JitStack& jit,
                                   std::string& error);

 private:
  struct Entry {
    std::weak_ptr<const CodePart> part;
    std::weak_ptr<LinkedCode> code;
  };
  void forget_expired();

  std::mutex mutex_;  // of entries_; held while code is linked, never while it is compiled
  std::unordered_map<std::string, Entry> entries_;
  std::size_t next_sweep_ = 64;
};

}  // namespace kjit
