#include "checkpoint/pickle_machine.h"
#include "checkpoint/pickle_policy.h"
#include "checkpoint/printable.h"

// What a pickle says of classes, functions and calls: recorded, never done.
namespace animate::checkpoint::pickle {

void Unpickler::step_call(uint8_t opcode) {
  switch (opcode) {
    case 'c': {  // GLOBAL
      const std::string_view module = in_.line();
      return push_global(module, in_.line());
    }
    case 0x93: {  // STACK_GLOBAL
      const auto* name = tree_.get<Text>(pop());
      const auto* module = tree_.get<Text>(pop());
      require(name != nullptr && module != nullptr, "names a class by what is not text");
      return push_global(module->value, name->value);
    }
    case 'i': {  // INST
      const std::string_view module = in_.line();
      push_global(module, in_.line());
      const Id callee = pop();
      const Id args = add(Sequence{Sequence::Kind::Tuple, pop_to_mark()});
      return call(callee, args);
    }
    case 'o': {  // OBJ
      std::vector<Id> items = pop_to_mark();
      require(!items.empty(), "makes an object of no class");
      const Id callee = items.front();
      items.erase(items.begin());
      return call(callee, add(Sequence{Sequence::Kind::Tuple, std::move(items)}));
    }
    case 0x92: pop(); [[fallthrough]];  // NEWOBJ_EX: the keyword arguments do not matter to an inert value
    case 'R':                           // REDUCE
    case 0x81: {                        // NEWOBJ
      const Id args = pop();
      return call(pop(), args);
    }
    case 'b': {  // BUILD
      const Id state = pop();
      Value& value = tree_.values[top()];
      if (auto* made = std::get_if<Call>(&value)) {
        made->state = state;
        made->has_state = true;
        return;
      }
      // A state dict carries its module versions this way; they mean nothing for the weights.
      return require(std::holds_alternative<Mapping>(value), "sets the state of what is not an object");
    }
    default: return push(Persistent{pop()});  // BINPERSID
  }
}

void Unpickler::push_global(std::string_view module, std::string_view name) {
  if (trust_in(module, name) != Trust::Known && tree_.foreign.size() < kMaxForeign) {
    std::string shown = printable(fmt::format("{}.{}", module.substr(0, 200), name.substr(0, 200)));
    if (seen_.insert(shown).second) tree_.foreign.push_back(std::move(shown));
  }
  push(Global{module, name});
}

void Unpickler::call(Id callee, Id args) {
  const auto* arguments = tree_.get<Sequence>(args);
  require(arguments != nullptr && arguments->kind == Sequence::Kind::Tuple, "makes a call without arguments");
  if (const auto* global = tree_.get<Global>(callee)) {
    if (trust_in(global->module, global->name) == Trust::Forbidden) {
      fail(ErrorKind::Model,
           "{}: the pickle in it calls {}.{}, which is not data; nothing was executed; get the file from a source you "
           "trust",
           file_, printable(global->module.substr(0, 100)), printable(global->name.substr(0, 100)));
    }
    if (known_call(*global, args)) return;
  } else {
    require(tree_.get<Call>(callee) != nullptr, "calls what is not a function");
  }
  push(Call{callee, args});
}

// Replaces a call by its result where that is a plain container.
bool Unpickler::known_call(const Global& global, Id args) {
  const std::vector<Id>& items = tree_.get<Sequence>(args)->items;
  if (global.module == "torch" && global.name == "Size" && items.size() == 1) {
    stack_.push_back(items[0]);
    return true;
  }
  // The rest of this module (Counter, deque, namedtuple) is no dict in insertion order: it stays an inert call.
  if (global.module != "collections") return false;
  if (global.name == "OrderedDict") {
    push(items.empty() ? Mapping{} : mapping_of_pairs(items[0]));
    return true;
  }
  // The argument is what makes missing values; entries come by SETITEMS.
  if (global.name != "defaultdict") return false;
  push(Mapping{});
  return true;
}

Mapping Unpickler::mapping_of_pairs(Id list) {
  const auto* pairs = tree_.get<Sequence>(list);
  require(pairs != nullptr, "makes an OrderedDict of what is not a list");
  // The same list can be recalled and copied for two bytes of pickle.
  copied_ += pairs->items.size();
  require(copied_ <= kMaxValues, "holds too many values");
  Mapping mapping;
  for (const Id id : pairs->items) {
    const auto* pair = tree_.get<Sequence>(id);
    require(pair != nullptr && pair->items.size() == 2, "makes an OrderedDict of what is not pairs");
    mapping.items.emplace_back(pair->items[0], pair->items[1]);
  }
  return mapping;
}

}  // namespace animate::checkpoint::pickle
