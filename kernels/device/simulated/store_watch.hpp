#pragma once

namespace gpucheck::simt {

/// While it lives, sees what is stored in device memory (of device 0, backed by pages) and in the
/// running block's shared arrays; at its end each half word that changed gets one wrong bit.
///
/// It needs no help from the kernel, so it spoils any: pages are write-protected, the first store
/// to each faults and keeps a copy, and what differs from the copy was stored.
class WrongStores {
 public:
  explicit WrongStores(bool active);
  ~WrongStores();
  WrongStores(const WrongStores&) = delete;
  WrongStores& operator=(const WrongStores&) = delete;

 private:
  bool active_;
};

}  // namespace gpucheck::simt
