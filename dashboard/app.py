"""What `streamlit run dashboard/app.py` starts: the web server, with the pages of `main.py`.

Streamlit finds the server by reading this file, so `app` must be assigned here.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from dashboard.server.configuration import let_users_decide
from dashboard.server.lifespan import lifespan
from dashboard.server.middleware import exception_handlers, middleware, settings_or_exit
from dashboard.server.routes import routes

let_users_decide()
settings = settings_or_exit()

# Until `main.py` has called `st.navigation` for the first time, Streamlit takes the folder `pages` for an app
# of its older kind: whoever came first, and not to "/", would get a page without its frame.
PagesManager.uses_pages_directory = False

app = st.App(
    "main.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(settings),
    exception_handlers=exception_handlers(settings),
)
