"""Guichê: an engine for customer-service attendances over WhatsApp's API, embedded in your own program.

>>> from guiche import Engine, Phase, Store
>>> with Engine.open(Store.memory()) as engine:
...     department = engine.admin().create_department(name="Vendas").outcome
...     engine.setup().departments[department.id].name
'Vendas'

`Engine.open` opens an account's database. `Engine.desk` is what an attendant sees and does, `Engine.back_office` what the
host itself does, `Engine.admin` the set-up. Everything that a call takes or gives is a frozen record; every error is a
`GuicheError`.
"""

from guiche._done import Done as Done
from guiche._errors import *
from guiche._guiche import *
from guiche._imports import *
from guiche._ports import *
from guiche._store import *
