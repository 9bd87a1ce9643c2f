"""What `streamlit run dashboard/app.py` starts: the web server, with the pages of `main.py`.

Streamlit finds the server by reading this file, so `app` must be assigned here.
"""

import streamlit as st

from dashboard.server.configuration import let_users_decide
from dashboard.server.lifespan import lifespan
from dashboard.server.middleware import exception_handlers, middleware, settings_or_exit
from dashboard.server.routes import routes

let_users_decide()
settings = settings_or_exit()

app = st.App(
    "main.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(settings),
    exception_handlers=exception_handlers(settings),
)
