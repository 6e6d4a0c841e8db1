"""The containers of sound and video that ffmpeg may open for us.

Playlists and lists of files are left out: they name other files, and a foreign file is not to open any.
"""

CONTAINERS = "mov,matroska,avi,wav,w64,ogg,mp3,flac,aac,amr,amrnb,amrwb,asf,mpeg,mpegts,flv,aiff,caf,au,dv,rm"
