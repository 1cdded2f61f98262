# A lesson's notebook, shown inside the page of the lesson. It asks for no token: the way into the lab decides who may
# come, and nobody else reaches it.
c = get_config()  # noqa: F821
c.NotebookApp.ip = "0.0.0.0"
c.NotebookApp.port = 8888
c.NotebookApp.open_browser = False
c.NotebookApp.base_url = "/"
c.NotebookApp.notebook_dir = "/antidote"
c.NotebookApp.token = ""
c.NotebookApp.password = ""
# The host name under which a lab is reached is not known beforehand.
c.NotebookApp.allow_remote_access = True
c.NotebookApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors *"}}
