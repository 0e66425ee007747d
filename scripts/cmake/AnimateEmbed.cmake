# animate_embed(FOLDER OUTPUT.cpp names…): the files of a folder as bytes of the program, for serve/page.h. Run by itself
# (cmake -P) it is the command that writes OUTPUT whenever one of them changes.
if(CMAKE_SCRIPT_MODE_FILE)
  set(arrays "")
  set(rows "")
  set(number 0)
  string(REPLACE "|" ";" names "${NAMES}")
  foreach(name IN LISTS names)
    file(READ "${FOLDER}/${name}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char kFile${number}[] = {${bytes}};\n")
    string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(kFile${number}), sizeof(kFile${number})}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE "${OUTPUT}" "// Made by scripts/cmake/AnimateEmbed.cmake.\n#include <array>\n\n#include \"serve/page.h\"\n\n"
                         "namespace animate::serve {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
                         "std::span<const PageFile> page_files() {\n  static const std::array<PageFile, ${number}> files{{\n"
                         "${rows}  }};\n  return files;\n}\n\n}  // namespace animate::serve\n")
  return()
endif()

set(ANIMATE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}" CACHE INTERNAL "")

function(animate_embed folder output)
  set(files "")
  foreach(name IN LISTS ARGN)
    list(APPEND files "${folder}/${name}")
  endforeach()
  string(REPLACE ";" "|" names "${ARGN}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${folder}" "-DOUTPUT=${output}" "-DNAMES=${names}" -P "${ANIMATE_EMBED_SCRIPT}"
    DEPENDS ${files} "${ANIMATE_EMBED_SCRIPT}"
    COMMENT "Embedding the page"
    VERBATIM)
endfunction()
