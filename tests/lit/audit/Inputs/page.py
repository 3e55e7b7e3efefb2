"""page.py FILE - whether FILE is a page that stands alone: tags fit, ids are there, nothing is loaded.

Prints the text of each row of its table and of each line that is marked."""

import sys
from html.parser import HTMLParser

VOID = {"meta", "input", "link", "img", "br"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.refs, self.text = [], set(), set(), None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag not in ("img", "link", "iframe", "object", "base"), tag
        assert "src" not in attributes and not any(a.startswith("on") for a in attributes), attributes
        if "id" in attributes:
            assert attributes["id"] not in self.ids, attributes
            self.ids.add(attributes["id"])
        if "href" in attributes:
            assert attributes["href"].startswith("#")
            self.refs.add(attributes["href"][1:])
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr" or attributes.get("class") == "hit":
            self.text = tag + ":"
        elif self.text and tag == "td":
            self.text += " |"

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()
        if self.text and self.text.startswith(tag + ":"):
            print(self.text)
            self.text = None

    def handle_data(self, data):
        if self.text:
            self.text += " " + data


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
page.close()
assert not page.open, page.open
assert page.refs <= page.ids, page.refs - page.ids
