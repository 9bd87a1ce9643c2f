"""What `streamlit run dashboard/app.py` starts: the web server, with the pages of `main.py`.

Streamlit finds the server by reading this file, so `app` must be assigned here.
"""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.server.lifespan import lifespan
from dashboard.server.owner_cookie import OwnerCookie
from dashboard.server.routes import routes

app = st.App("main.py", lifespan=lifespan, routes=routes(), middleware=[Middleware(OwnerCookie)])
