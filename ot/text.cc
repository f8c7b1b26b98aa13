#include "ot/text.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "ot/assert.h"
#include "ot/text_node.h"

namespace segue::ot {
namespace {

// An edit copies a chunk and counts it: small enough for a microsecond, large enough that a long
// text is mostly text.
constexpr std::size_t chunk_bytes_max = 1024;
constexpr std::size_t chunk_bytes_min = chunk_bytes_max / 4;
// What is edited once will be edited again, most often right there.
constexpr std::size_t chunk_room = 64;

const TextChunk& as_chunk(const TextNode& node) { return static_cast<const TextChunk&>(node); }
const TextRope& as_rope(const TextNode& node) { return static_cast<const TextRope&>(node); }

// As few chunks as hold it, evenly filled. They are cut between characters, which may make one a
// few bytes longer than chunk_bytes_max.
std::vector<Cow<TextChunk>> make_chunks(std::string_view wtf8) {
  std::vector<Cow<TextChunk>> chunks;
  for (auto left = (wtf8.size() + chunk_bytes_max - 1) / chunk_bytes_max; left > 0; --left) {
    std::size_t end = (wtf8.size() + left - 1) / left;
    while (end < wtf8.size() && is_continuation(wtf8[end])) --end;
    chunks.push_back(TextChunk::make(wtf8.substr(0, end)));
    wtf8.remove_prefix(end);
  }
  OT_ASSERT(wtf8.empty());
  return chunks;
}

TextRoot make_root(std::string_view wtf8) {
  if (wtf8.size() <= TextRoot::brief_max && is_plain(wtf8)) return TextRoot(wtf8);
  if (wtf8.size() <= chunk_bytes_max) return TextRoot(TextChunk::make(wtf8));
  auto chunks = make_chunks(wtf8);
  return TextRoot(Cow<TextRope>::adopt(
      new TextRope(CowTree<ChunkTraits>::build(std::span<Cow<TextChunk>>(chunks)))));
}

// Finds the first chunk in which, or at whose end, a position stands, and what it is in there.
struct SeekPosition {
  std::size_t position;
  Unit unit;

  bool operator()(const TextCounts& counts) {
    if (position <= counts.length(unit)) return true;
    position -= counts.length(unit);
    return false;
  }
  bool operator()(const Cow<TextChunk>& chunk) { return (*this)(chunk->counts()); }
};

}  // namespace

Cow<TextChunk> TextChunk::make(std::string_view wtf8, const TextCounts& counts) {
  auto* chunk = new (Room{wtf8.size()}) TextChunk(counts, 0);
  std::copy(wtf8.begin(), wtf8.end(), chunk->data());
  return Cow<TextChunk>::adopt(chunk);
}

Cow<TextChunk> TextChunk::make_edited(const TextChunk& before, const ChunkEdit& edit) {
  TextCounts counts = before.counts();
  OT_ASSERT(counts.replace(edit.removed, edit.inserted));
  auto* chunk = new (Room{counts.bytes + chunk_room}) TextChunk(counts, chunk_room);
  const std::string_view old = before.view();
  char* to = chunk->data();
  for (const auto part :
       {old.substr(0, edit.at), edit.text, old.substr(edit.at + edit.removed.bytes)}) {
    to = std::copy(part.begin(), part.end(), to);
  }
  return Cow<TextChunk>::adopt(chunk);
}

bool TextChunk::edit_in_place(const ChunkEdit& edit) {
  const std::size_t room = room_ + edit.removed.bytes;
  if (edit.text.size() > room) return false;
  char* const from = data() + edit.at;
  std::memmove(from + edit.text.size(), from + edit.removed.bytes,
               bytes_ - edit.at - edit.removed.bytes);
  std::copy(edit.text.begin(), edit.text.end(), from);
  TextCounts after = counts();
  OT_ASSERT(after.replace(edit.removed, edit.inserted));
  count(after);
  room_ = static_cast<std::uint16_t>(
      std::min<std::size_t>(room - edit.text.size(), std::numeric_limits<std::uint16_t>::max()));
  return true;
}

TextChunk::TextChunk(const TextCounts& counts, std::size_t room)
    : TextNode(Shape::chunk),
      has_lone_surrogate_(counts.has_lone_surrogate),
      room_(static_cast<std::uint16_t>(room)) {
  count(counts);
}

void TextChunk::count(const TextCounts& counts) {
  OT_ASSERT(counts.printed <= std::numeric_limits<std::uint32_t>::max());
  bytes_ = static_cast<std::uint32_t>(counts.bytes);
  code_points_ = static_cast<std::uint32_t>(counts.code_points);
  utf16_ = static_cast<std::uint32_t>(counts.utf16);
  printed_ = static_cast<std::uint32_t>(counts.printed);
}

namespace {

// The cut `count` behind another one, where it is sure to be in the same chunk.
template <class Cut>
std::optional<Cut> find_near(const Cut& begin, std::string_view chunk, std::size_t count,
                             Unit unit) {
  const std::size_t bytes_left = chunk.size() - begin.byte;
  if (begin.is_inside || count > bytes_left / 4) return std::nullopt;  // No unit has more bytes.
  const auto behind = find_byte(chunk.substr(begin.byte), count, unit);
  return Cut{begin.chunk, begin.byte + behind.byte, behind.is_inside};
}

}  // namespace

// A place in a text: a byte of a chunk, or the middle of the astral character that begins there.
struct Text::Cut {
  std::size_t chunk = 0;
  std::size_t byte = 0;
  bool is_inside = false;
};

Text::Text(std::string_view wtf8) : root_(make_root(wtf8)) { OT_VERIFY(is_wtf8(wtf8)); }

bool Text::is_rope() const {
  return !root_.is_brief() && root_.node()->shape() == TextNode::Shape::rope;
}

TextCounts Text::counts() const {
  if (is_rope()) return as_rope(*root_.node()).chunks.summary();
  if (!root_.is_brief()) return as_chunk(*root_.node()).counts();
  const std::size_t size = root_.size();
  return {size, size, size, size, false};
}

std::size_t Text::node_length(Unit unit) const {
  return is_rope() ? as_rope(*root_.node()).chunks.summary().length(unit)
                   : as_chunk(*root_.node()).length(unit);
}

std::size_t Text::chunk_count() const {
  return is_rope() ? as_rope(*root_.node()).chunks.size() : empty() ? 0 : 1;
}

std::string_view Text::chunk(std::size_t index) const {
  if (is_rope()) return as_rope(*root_.node()).chunks.at(index)->view();
  return root_.is_brief() ? root_.view() : as_chunk(*root_.node()).view();
}

Text::Cut Text::cut(std::size_t position, Unit unit) const {
  OT_ASSERT(position <= length(unit));
  if (root_.is_brief()) return {0, position, false};
  SeekPosition seek{position, unit};
  const std::size_t index = is_rope() ? as_rope(*root_.node()).chunks.seek(seek) : 0;
  const auto& node = is_rope() ? *as_rope(*root_.node()).chunks.at(index) : as_chunk(*root_.node());
  const std::string_view bytes = node.view();
  if (seek.position == node.length(unit)) return {index, bytes.size(), false};
  if (node.counts().utf16 == bytes.size()) return {index, seek.position, false};  // all ASCII
  const auto [byte, is_inside] = find_byte(bytes, seek.position, unit);
  return {index, byte, is_inside};
}

void Text::insert(std::size_t position, std::string_view wtf8, Unit unit) {
  OT_VERIFY(is_wtf8(wtf8));
  if (wtf8.empty()) return;
  const Cut at = cut(position, unit);
  if (!edit_chunk(at, at, wtf8, count_text(wtf8))) splice(at, at, wtf8);
}

void Text::insert(std::size_t position, const Text& text, Unit unit) {
  OT_ASSERT(&text != this);
  if (text.empty()) return;
  const Cut at = cut(position, unit);
  const auto flat = text.flat();
  if (flat && edit_chunk(at, at, *flat, text.counts())) return;
  splice(at, at, flat ? std::string(*flat) : text.str());
}

void Text::erase(std::size_t position, std::size_t count, Unit unit) {
  OT_ASSERT(count <= length(unit));
  if (count == 0) return;
  const Cut begin = cut(position, unit);
  const auto near = find_near(begin, chunk(begin.chunk), count, unit);
  const Cut end = near ? *near : cut(position + count, unit);
  if (!edit_chunk(begin, end, {}, {})) splice(begin, end, {});
}

void Text::rewrite(std::string_view wtf8, const TextCounts& removed, const TextCounts& inserted) {
  TextCounts after = counts();
  OT_ASSERT(after.replace(removed, inserted) && !after.has_lone_surrogate);
  OT_VERIFY(after == count_text(wtf8));
  const bool is_one_chunk = TextRoot::brief_max < wtf8.size() && wtf8.size() <= chunk_bytes_max;
  root_ = is_one_chunk ? TextRoot(TextChunk::make(wtf8, after)) : make_root(wtf8);
}

// Where one chunk stays one chunk, and no surrogate can meet another: nearly always.
bool Text::edit_chunk(const Cut& begin, const Cut& end, std::string_view wtf8,
                      const TextCounts& inserted) {
  if (root_.is_brief()) return false;
  if (begin.chunk != end.chunk || begin.is_inside || end.is_inside) return false;
  const std::string_view old = chunk(begin.chunk);
  const std::size_t removed = end.byte - begin.byte;
  const std::size_t size = old.size() - removed + wtf8.size();
  const std::size_t size_min = is_rope() ? chunk_bytes_min : 1;
  if (size < size_min || size > chunk_bytes_max) return false;
  if (has_lone_surrogate() || inserted.has_lone_surrogate) return false;
  const ChunkEdit edit{begin.byte, count_text(old.substr(begin.byte, removed)), wtf8, inserted};
  const auto edit_held = [&](auto& holder) {
    if (holder.is_sole() && static_cast<TextChunk&>(holder.sole()).edit_in_place(edit)) return;
    holder = TextChunk::make_edited(static_cast<const TextChunk&>(*holder), edit);
  };
  if (is_rope()) {
    own_chunks().edit(begin.chunk, edit_held);
  } else {
    edit_held(root_.node());
  }
  return true;
}

// What stays of the chunks in which the cuts are is put together with the new text, and with a
// neighbour if the result is short or its first or last surrogate meets the other half there.
void Text::splice(const Cut& begin, const Cut& end, std::string_view wtf8) {
  std::string content(chunk(begin.chunk).substr(0, begin.byte));
  if (begin.is_inside) {
    append_wtf8(content, split_astral(chunk(begin.chunk).substr(begin.byte)).high);
  }
  append_wtf8(content, wtf8);
  std::string_view rest = chunk(end.chunk).substr(end.byte);
  if (end.is_inside) {
    append_wtf8(content, split_astral(rest).low);
    rest.remove_prefix(char_bytes(rest[0]));
  }
  append_wtf8(content, rest);

  std::size_t first = begin.chunk;
  std::size_t last = end.chunk;
  const bool is_short = content.size() < chunk_bytes_min;
  if (first > 0) {
    const std::string_view before = chunk(first - 1);
    if (is_short || (starts_with_low_surrogate(content) && ends_with_high_surrogate(before))) {
      std::string joined(before);
      append_wtf8(joined, content);
      content = std::move(joined);
      --first;
    }
  }
  if (last + 1 < chunk_count()) {
    const std::string_view after = chunk(last + 1);
    if (is_short || (ends_with_high_surrogate(content) && starts_with_low_surrogate(after))) {
      append_wtf8(content, after);
      ++last;
    }
  }
  replace_chunks(first, last, content);
}

void Text::replace_chunks(std::size_t first, std::size_t last, std::string_view content) {
  if (last - first + 1 >= chunk_count()) {
    root_ = make_root(content);
    return;
  }
  // At least one chunk stays, so content is not empty: it would have taken in that neighbour.
  auto chunks = make_chunks(content);
  auto& tree = own_chunks();
  const std::size_t replaced = std::min(chunks.size(), last - first + 1);
  for (std::size_t i = 0; i < replaced; ++i) {
    tree.edit(first + i, [&](Cow<TextChunk>& old) { old = std::move(chunks[i]); });
  }
  for (std::size_t i = first + replaced; i <= last; ++i) tree.erase(first + replaced);
  for (std::size_t i = replaced; i < chunks.size(); ++i) {
    tree.insert(first + i, std::move(chunks[i]));
  }
}

CowTree<ChunkTraits>& Text::own_chunks() {
  Cow<TextNode>& node = root_.node();
  if (!node.is_sole()) node = Cow<TextRope>::adopt(new TextRope(as_rope(*node)));
  return static_cast<TextRope&>(node.sole()).chunks;
}

std::string Text::slice(std::size_t position, std::size_t count, Unit unit) const {
  OT_ASSERT(count <= length(unit));
  if (count == 0) return {};
  const Cut begin = cut(position, unit);
  const auto near = find_near(begin, chunk(begin.chunk), count, unit);
  const Cut end = near ? *near : cut(position + count, unit);
  std::string out;
  for (std::size_t i = begin.chunk; i <= end.chunk; ++i) {
    std::string_view bytes = chunk(i);
    if (i == end.chunk) bytes = bytes.substr(0, end.byte);
    if (i == begin.chunk) {
      std::size_t from = begin.byte;
      if (begin.is_inside) {
        const std::string_view astral = chunk(i).substr(from);
        out = split_astral(astral).low;
        from += char_bytes(astral[0]);
      }
      bytes.remove_prefix(from);
    }
    out += bytes;
  }
  if (end.is_inside) out += split_astral(chunk(end.chunk).substr(end.byte)).high;
  return out;
}

std::string Text::str() const {
  std::string out;
  out.reserve(bytes());
  for_each_chunk([&](std::string_view part) { out += part; });
  return out;
}

std::optional<std::string_view> Text::flat() const {
  return chunk_count() <= 1 ? std::optional(chunk(0)) : std::nullopt;
}

void Text::for_each_chunk(FunctionRef<void(std::string_view)> visit) const {
  if (is_rope()) {
    as_rope(*root_.node()).chunks.for_each([&](const Cow<TextChunk>& part) {
      visit(part->view());
    });
  } else if (!empty()) {
    visit(chunk(0));
  }
}

bool Text::operator==(const Text& other) const {
  if (root_.is_same(other.root_)) return true;
  if (root_.is_brief() && other.root_.is_brief()) return false;
  if (counts() != other.counts()) return false;
  std::string_view left;
  std::string_view right;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < chunk_count() || !left.empty()) {
    if (left.empty()) left = chunk(i++);
    if (right.empty()) right = other.chunk(j++);
    const std::size_t n = std::min(left.size(), right.size());
    if (left.data() != right.data() && left.substr(0, n) != right.substr(0, n)) return false;
    left.remove_prefix(n);
    right.remove_prefix(n);
  }
  return true;
}

bool Text::operator==(std::string_view wtf8) const {
  if (bytes() != wtf8.size()) return false;
  if (!is_rope()) return wtf8.empty() || chunk(0) == wtf8;
  bool equal = true;
  for_each_chunk([&](std::string_view part) {
    equal = equal && wtf8.starts_with(part);
    wtf8.remove_prefix(part.size());
  });
  return equal;
}

}  // namespace segue::ot
