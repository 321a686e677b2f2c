// Takes what one bundle brings into a vault.
#pragma once
#include "sync/exchange.h"
#include "sync/merger.h"
#include "sync/pieces.h"

namespace cinnabar {

// A late bundle was written before one that came already: its changes count, but not what it says of how far
// its sender is, and its prekey may be used up.
enum class Freshness { news, late, known };

// Takes the parts of one opened bundle into the vault, within its transaction.
class Taking {
 public:
  Taking(Store& store, Roster& roster, const Guard& guard, const Certificate& from, Vault& vault, Freshness freshness,
         Forks forks);

  void take(Part part, const Bytes& content);
  // False: nothing may be committed, try again with forks().
  bool finish(const BundleReader& bundle, Taken& taken);
  const Forks& forks() const { return merger_.forks(); }
  const std::vector<RecordId>& changed() const { return merger_.changed(); }

 private:
  void certificate(const Bytes& content);
  void epochKey(const Bytes& content);
  void prekey(const Bytes& content);
  void seen(const Bytes& content);
  void receipt(const Bytes& content);
  void receiptConfirmed(const Bytes& content);
  Shared shared() const;
  void mustBeAcceptable(const Compartment& compartment) const;
  void head(const Bytes& content);
  void ownCover(const Bytes& content);
  void noteNumberTwice(const Cover& cover);
  void auditHead(const Bytes& content);
  void changeset(const Bytes& content);
  void pieces(const Bytes& content);
  void chunk(const Bytes& content);
  void digest(const Bytes& content);
  void checkDigests();

  Store& store_;
  Roster& roster_;
  const Guard& guard_;
  const Certificate& from_;
  Vault& vault_;
  const Freshness freshness_;
  Merger merger_;
  Peer peer_;
  const Author self_;  // before this bundle
  Acknowledgement acknowledgement_;
  ArrivingPieces pieces_;
  bool known_ = false;
  std::vector<std::pair<Compartment, std::string>> differing_;
};

}  // namespace cinnabar
