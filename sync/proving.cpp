// The merger's part that judges signed heads: what they prove, and where an author has signed two chains.
#include <nlohmann/json.hpp>

#include "sync/merger.h"

namespace cinnabar {

void Merger::confirm(const SignedHead& signedHead) {
  if (signedHead.compartment.level != vault_.level()) throw Error(Code::forged, "a head is of another level");
  const Certificate* certificate = roster_.find(signedHead.author.site);
  if (certificate == nullptr) return;  // nothing of this author was taken
  if (!verifyHead(signedHead, store_.identity().group, certificate->signingKey))
    throw Error(Code::forged, "a change is not signed by its author '" + certificate->name + "'");
  CompartmentState* state = vault_.find(signedHead.compartment);
  // Our own signature on what we do not have, or on a life that we do not know: our storage was put back. From here on
  // we are another author, and get back what we lost. Nobody else can make us believe so.
  const Author self = vault_.self();
  const bool ofLaterLife = signedHead.author.site == self.site && signedHead.author.incarnation > self.incarnation;
  if (ofLaterLife || (signedHead.author == self && (state == nullptr || !isOnOwnChain(*state, signedHead)))) {
    vault_.takeNewIncarnation(signedHead.author.incarnation);
    notePutBack(vault_, certificate->name,
                {{"incarnation", signedHead.author.incarnation}, {"sequence", signedHead.sequence}});
  }
  if (signedHead.author == self) return;
  const auto author = vault_.knownNumberOf(signedHead.author);
  if (state == nullptr || !author) return;
  const auto found = runs_.find({state->number, *author});
  if (found == runs_.end() || found->second.last == found->second.begin) {
    const auto head = state->heads.find(*author);
    if (head != state->heads.end() && head->second.sequence == signedHead.sequence &&
        head->second.hash != signedHead.hash)
      noteFork(*state, *author, signedHead);
    return;
  }
  Run& run = found->second;
  if (signedHead.sequence != run.last) return;
  if (signedHead.hash == run.hash) {
    run.proven = true;
    run.signature = signedHead.signature;
    if (run.parted) noteFork(*state, *author, signedHead);
  } else if (!run.parted && signedHead.before != run.start && run.begin > 0) {
    run.before = signedHead.before;
  }
}

bool Merger::isOnOwnChain(const CompartmentState& state, const SignedHead& head) {
  if (head.sequence >= state.own.sequence) return head.sequence == state.own.sequence && head.hash == state.own.hash;
  Link link = Log(vault_).link(state.own.at);  // it is seldom far back
  while (link.sequence > head.sequence) link = Log(vault_).link(link.before);
  return link.chain == head.hash;
}

void Merger::prove(CompartmentState& state, std::uint32_t author, BytesView signature) {
  Head& head = state.heads.at(author);
  head.proven = head.sequence;
  vault_.database()
      .query("UPDATE head SET signature=?3,proven=seq WHERE c=?1 AND a=?2")
      .with(state.number, author, signature)
      .run();
}

// Two signatures of one author that no one chain can bear. Both are kept, with what leads to the other; from
// here on nothing more of this author is taken in this compartment, and nobody waits for it.
void Merger::noteFork(CompartmentState& state, std::uint32_t author, const SignedHead& other) {
  Head& head = state.heads.at(author);
  if (head.forked) return;
  head.forked = true;
  vault_.database().query("UPDATE head SET forked=1 WHERE c=?1 AND a=?2").with(state.number, author).run();
  dropWaiting(state.number, author);
  std::string ours;
  {
    Query q = vault_.database().query("SELECT signature FROM head WHERE c=?1 AND a=?2");
    q.with(state.number, author);
    if (q.step()) ours = hexOf(q->blob(0));
  }
  Violation v;
  v.compartment = state.number;
  v.kind = "equivocation";
  v.rule = "an author's changes are one chain";
  v.detail = detailText({{"site", store_.siteName(other.author.site)},
                         {"incarnation", other.author.incarnation},
                         {"heads",
                          {{{"sequence", head.proven}, {"hash", hexOf(head.hash)}, {"signature", ours}},
                           {{"sequence", other.sequence},
                            {"hash", hexOf(other.hash)},
                            {"before", hexOf(other.before)},
                            {"signature", hexOf(other.signature)}}}}});
  Bytes cause;
  Writer w(cause);
  writeCompartment(w, state.compartment);
  w.author(other.author);
  note(vault_, std::move(v), cause);
}

}  // namespace cinnabar
