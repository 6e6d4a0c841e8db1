# Two commands matter: `make demo` and `make test`. Both set up what is missing first.

.PHONY: demo test check-slow bench lint reference clean

RUN = .venv/bin

demo:
	@scripts/setup base
	@$(RUN)/onrecord demo demo-record --no-serve

test: 
	@scripts/setup dev
	@$(MAKE) --no-print-directory lint
	$(RUN)/python -m pytest -q -n 2 -m "not slow"

check-slow:
	@scripts/setup dev
	$(RUN)/python -m pytest -q -m slow

lint:
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

bench:
	@scripts/setup base
	$(RUN)/python -m benchmarks

reference:
	@scripts/setup base
	$(RUN)/python -m onrecord.cli.reference

clean:
	rm -rf .venv ui/node_modules demo-record demo-dossier
