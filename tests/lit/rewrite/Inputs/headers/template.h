static int NAME(end)(int fd)
{
	return shutdown(fd, HOW);
}
