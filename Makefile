# Every command installs what it needs first; see README.md.
PYTHON = .venv/bin/python
UNIT = $(PYTHON) -m pytest -m "not stack" --numprocesses auto --dist worksteal
STACK = $(PYTHON) -m pytest -m stack --numprocesses 3 --dist loadfile
IN ?= messages.jsonl
OUT ?= answers.jsonl

.PHONY: run test check lint unit train widget evaluate bench bench-staff demo-data peers chaos replay report compare install hooks verify-audit retention rotate-keys staff-account

run:  ## start everything; emergencies are answered while the rest still installs
	@deploy/uv sync --frozen --inexact --no-default-groups --quiet
	@exec $(PYTHON) -m bot.launch

install:  ## everything, for developers
	@deploy/uv sync --frozen --quiet

test: install  ## every test: tables, units, conversations through the real stack, a real browser
	$(UNIT)
	$(PYTHON) -m bot.train
	$(STACK)

check: lint unit  ## all that is quick: lint and the unit tests

lint: install  ## style, types, tables and training data; CI runs it before every test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m bot.widget --lint
	$(PYTHON) -m helpline.knowledge
	$(PYTHON) -m helpline.escalation
	$(PYTHON) -m bot.train --validate

unit: install  ## the fast tests only
	$(UNIT)

train: install  ## train the model now, whether or not it is fresh
	$(PYTHON) -m bot.train --force

widget: install  ## build the chat widget: widget/dist, which is committed
	$(PYTHON) -m bot.widget

staff-account:  ## an admin of the staff console: make staff-account NAME=ana (GENERATE=1: a one-time password, RESET=1: a new start)
	@deploy/uv sync --frozen --inexact --no-default-groups --quiet
	@$(PYTHON) -m bot.staff.new_account $(NAME) $(if $(GENERATE),--generate) $(if $(RESET),--reset)

evaluate: install  ## answer a file of messages: make evaluate IN=a.jsonl OUT=b.jsonl
	$(PYTHON) -m bot.evaluate $(IN) $(OUT)

bench: install  ## measure next to a stock Rasa bot, in one run
	$(PYTHON) -m tests.bench

bench-staff: install  ## the staff console's looks over 100,000 conversations, on SQLite and PostgreSQL
	nice -n 15 $(PYTHON) -m tests.bench.staff

demo-data: install  ## 500 made-up conversations of the last two weeks; `python -m bot.staff.demo --remove` takes them out
	$(PYTHON) -m bot.staff.demo

peers: install  ## the chat widget next to four others, which npm installs now (about ten minutes)
	$(PYTHON) -m tests.bench.widget

chaos: install  ## 1,000 turns of the chat widget over a line that breaks all the time (about ten minutes)
	$(PYTHON) -m tests.bench.chaos

replay: install  ## a bad night by text: 2,000 messages, provider down, front door killed (about five minutes)
	$(PYTHON) -m tests.bench.sms

report: install  ## how well it understands, as a page: var/report/index.html
	$(PYTHON) -m bot.train
	$(PYTHON) -m tests.report

compare: install  ## train Rasa's default pipeline on the same messages (over 15 minutes); the report shows it
	$(PYTHON) -m tests.report.compare

verify-audit: install  ## whether anybody touched the record of who looked at what: make verify-audit ANCHOR=12:ab...
	$(PYTHON) -m bot.audit --anchor "$(ANCHOR)"

retention: install  ## count what has had its time; make retention DELETE=yes deletes it
	$(PYTHON) -m bot.retention $(if $(filter yes,$(DELETE)),,--dry-run)

rotate-keys: install  ## seal everything again with the first key of STORE_KEYS (docs/privacy.md)
	$(PYTHON) -m bot.rotate

hooks: install  ## install the pre-commit hook
	.venv/bin/pre-commit install
