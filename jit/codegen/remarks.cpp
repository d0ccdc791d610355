// Entry: collect_remarks.

#include "codegen/remarks.h"

#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/LLVMContext.h>

#include <algorithm>
#include <array>
#include <memory>

namespace kjit {

namespace {

constexpr std::array<llvm::StringRef, 4> kPasses = {"loop-vectorize", "slp-vectorizer", "loop-unroll", "inline"};

Remark::Kind kind_of(const llvm::DiagnosticInfoOptimizationBase& info) {
  if (info.isPassed()) return Remark::Kind::Done;
  return info.isMissed() ? Remark::Kind::Missed : Remark::Kind::Analysis;
}

class Collector : public llvm::DiagnosticHandler {
 public:
  explicit Collector(std::vector<Remark>& remarks) : remarks_(remarks) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (!llvm::DiagnosticInfoOptimizationBase::classof(&info)) return false;
    const auto& found = static_cast<const llvm::DiagnosticInfoOptimizationBase&>(info);
    Remark remark{
        kind_of(found), found.getPassName().str(), found.getRemarkName().str(), found.getFunction().getName().str(), "", 0, 0, {},
        found.getMsg()};
    if (found.isLocationAvailable()) {
      llvm::StringRef file;
      found.getLocation(file, remark.line, remark.column);
      remark.file = file.str();
    }
    for (const auto& argument : found.getArgs()) {
      if (argument.Key != "String") remark.values[argument.Key] = argument.Val;
    }
    remarks_.push_back(std::move(remark));
    return true;
  }

  bool isAnalysisRemarkEnabled(llvm::StringRef pass) const override { return is_wanted(pass); }
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override { return is_wanted(pass); }
  bool isPassedOptRemarkEnabled(llvm::StringRef pass) const override { return is_wanted(pass); }
  bool isAnyRemarkEnabled() const override { return true; }

 private:
  static bool is_wanted(llvm::StringRef pass) { return std::find(kPasses.begin(), kPasses.end(), pass) != kPasses.end(); }

  std::vector<Remark>& remarks_;
};

}  // namespace

void collect_remarks(llvm::LLVMContext& context, std::vector<Remark>& remarks) {
  context.setDiagnosticHandler(std::make_unique<Collector>(remarks));
}

}  // namespace kjit
